"""TensorFlow Serving's REST API: `make_app` speaks it, `RestServer` carries it.

Source: "RESTful API" of TensorFlow Serving's documentation, json_tensor.cc,
http_rest_api_util.cc and http_server.cc of its sources.
"""

from export.serve.rest.app import make_app
from export.serve.rest.server import RestServer

__all__ = ["RestServer", "make_app"]
