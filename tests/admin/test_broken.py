from tests.admin.conftest import Office


def test_an_error_of_the_program_is_told_in_words_and_shows_no_trace(office: Office):
    office.app.testing = False
    office.app.config["PROPAGATE_EXCEPTIONS"] = False
    office.app.view_functions["ledger.index_view"] = lambda: 1 / 0

    answer = office.at_desk("administrator").client.get("/admin/ledger/")

    assert answer.status_code == 500
    assert "系统出现了问题" in answer.get_data(as_text=True)
    assert "ZeroDivisionError" not in answer.get_data(as_text=True)
