"""A socket of libzmq that does what it is told: one JSON object a line on standard input, one answer a line.

Usage: peer.py TYPE
"""
import json
import sys

import zmq
import zmq.utils.monitor

context = zmq.Context()
socket = context.socket(getattr(zmq, sys.argv[1]))
socket.linger = 0
monitor = socket.get_monitor_socket()
events = {
    getattr(zmq, name): name[len("EVENT_"):] for name in dir(zmq) if name.startswith("EVENT_") and name != "EVENT_ALL"
}


def set_keys(order):
    if "server_key" in order:
        socket.curve_serverkey = order["server_key"].encode()
    if order.get("curve_server"):
        socket.curve_server = True
    if "public_key" in order:
        socket.curve_publickey = order["public_key"].encode()
    if "secret_key" in order:
        socket.curve_secretkey = order["secret_key"].encode()


def connect(order):
    set_keys(order)
    if "identity" in order:
        socket.identity = bytes.fromhex(order["identity"])
    if "heartbeat" in order:
        socket.setsockopt(zmq.HEARTBEAT_IVL, order["heartbeat"])
        socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 20 * order["heartbeat"])
    socket.connect(order["address"])
    return {}


def bind(order):
    set_keys(order)
    return {"port": socket.bind_to_random_port("tcp://127.0.0.1")}


def send(order):
    socket.send_multipart([bytes.fromhex(frame) for frame in order["frames"]])
    return {}


def receive(order):
    if not socket.poll(order["timeout"]):
        return {"frames": None}
    return {"frames": [frame.hex() for frame in socket.recv_multipart()]}


def subscribe(order):
    socket.setsockopt(zmq.SUBSCRIBE, bytes.fromhex(order["prefix"]))
    return {}


def unsubscribe(order):
    socket.setsockopt(zmq.UNSUBSCRIBE, bytes.fromhex(order["prefix"]))
    return {}


def event(order):
    """The next event of a kind, within a time."""
    while monitor.poll(order["timeout"]):
        found = zmq.utils.monitor.recv_monitor_message(monitor)
        if events[found["event"]] == order["event"]:
            return {"value": int(found["value"])}
    return {"value": None}


for line in sys.stdin:
    order = json.loads(line)
    print(json.dumps(globals()[order["op"]](order)), flush=True)
