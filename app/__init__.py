"""The application: command line, web server and background worker around the engine and the database."""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported: nothing leaves this machine
os.environ.setdefault("HF_HUB_OFFLINE", "1")
