"""A minimal agent on libzmq: says hello, answers the server's abort, and tells what it got, one JSON object a line.

Usage: agent.py COMMAND_ADDRESS SERVER_KEY PUBLIC_KEY SECRET_KEY SESSION_KEY_BASE64 ORG NODE SECONDS
"""
import base64
import email.utils
import hashlib
import hmac
import json
import sys
import time

import zmq

address, server_key, public_key, secret_key, session_key, org, node, seconds = sys.argv[1:]
key = base64.b64decode(session_key)

context = zmq.Context()
dealer = context.socket(zmq.DEALER)
dealer.linger = 0
dealer.curve_serverkey = server_key.encode()
dealer.curve_publickey = public_key.encode()
dealer.curve_secretkey = secret_key.encode()
dealer.connect(address)
sequence = 0


def say(**facts):
    print(json.dumps(facts), flush=True)


def send(kind, **fields):
    global sequence
    sequence += 1
    message = {
        "node": node,
        "client": "libzmq.test",
        "protocol_version": "2.0",
        "org": org,
        "type": kind,
        "sequence": sequence,
        "timestamp": email.utils.formatdate(usegmt=True),
        "incarnation_id": "99999999-2222-4333-8444-555555555555",
    }
    message.update(fields)
    body = json.dumps(message).encode()
    signature = base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()
    header = "Version:2.0;SigningMethod:hmac_sha256;Signature:" + signature
    try:
        dealer.send_multipart([header.encode(), body], zmq.NOBLOCK)
    except zmq.Again:
        say(unsent=kind)


say(libzmq=zmq.zmq_version())
send("heartbeat", job_state="idle", job_id=None)
deadline = time.monotonic() + float(seconds)
next_heartbeat = time.monotonic() + 0.5
while time.monotonic() < deadline:
    if dealer.poll(100):
        header, body = dealer.recv_multipart()
        signature = base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()
        message = json.loads(body)
        say(received=message["type"], authentic=header.decode().endswith("Signature:" + signature))
        if message["type"] == "abort":
            send("aborted", job_id=None)
        elif message["type"] == "commit":
            send("ack_commit", job_id=message["job_id"])
        elif message["type"] == "run":
            send("ack_run", job_id=message["job_id"])
            send("succeeded", job_id=message["job_id"], stdout="from libzmq\n", stderr="")
    if time.monotonic() > next_heartbeat:
        next_heartbeat += 0.5
        send("heartbeat", job_state="idle", job_id=None)
dealer.close()
context.term()
