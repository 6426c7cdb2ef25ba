"""Settings of the production server: two processes with four threads each, taken over without a gap on HUP."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 20
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 4094
accesslog = None  # addresses of citizens are not kept; the web server in front logs as the law asks
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108  the heartbeat file must not wait for a disk
control_socket_disable = True  # nothing of ours lies outside ZHUANLAN_HOME
