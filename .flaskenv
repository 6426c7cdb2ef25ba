FLASK_APP=app:for_commands()
