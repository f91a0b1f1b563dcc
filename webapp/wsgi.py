"""The entry point of the web processes: `gunicorn webapp.wsgi:server`."""

from webapp.app import create_app

server = create_app().server
