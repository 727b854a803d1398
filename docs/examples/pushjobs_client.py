#!/usr/bin/env python3
"""A client of the push jobs API (docs/api.md), with the standard library and the openssl command.

pushjobs_client.py run COMMAND NODE...   starts a job and follows it to its end
pushjobs_client.py follow JOB            follows a job
pushjobs_client.py jobs [LIMIT]          lists all jobs, the newest first, asking for so many at once

PUSHJOBS_SERVER_URL ends in /organizations/ORG; PUSHJOBS_USER is who asks, PUSHJOBS_KEY the file of that one's private key.
Status 0 when all went well, 1 when the job did not succeed on all its nodes, 2 when the server refuses or cannot be reached.
"""

import base64
import hashlib
import http.client
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from datetime import datetime, timezone

# Longer than the silence after which a feed has a sign of life (the server's keep_alive_time).
TIMEOUT_SECONDS = 90
ATTEMPTS = 60
BROKEN = (OSError, http.client.HTTPException)


class PushJobs:
    """Asks as a user or client. Not for several threads at once."""

    def __init__(self, url, user, key):
        self.url = url.rstrip("/") + "/pushy/"
        self.user = user
        self.key = key

    def signature(self, method, path, body):
        """The headers that sign a request, in version 1.3."""
        content_hash = base64.b64encode(hashlib.sha256(body).digest()).decode()
        timestamp = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        text = "\n".join(
            [
                f"Method:{method}",
                f"Path:{path}",
                f"X-Ops-Content-Hash:{content_hash}",
                "X-Ops-Sign:version=1.3",
                f"X-Ops-Timestamp:{timestamp}",
                f"X-Ops-UserId:{self.user}",
                "X-Ops-Server-API-Version:0",
            ]
        )
        openssl = ["openssl", "dgst", "-sha256", "-sign", self.key]
        signed = subprocess.run(openssl, input=text.encode(), stdout=subprocess.PIPE, check=True).stdout
        signature = base64.b64encode(signed).decode()
        headers = {
            "X-Ops-Sign": "algorithm=sha256;version=1.3;",
            "X-Ops-UserId": self.user,
            "X-Ops-Timestamp": timestamp,
            "X-Ops-Content-Hash": content_hash,
        }
        for start in range(0, len(signature), 60):
            headers[f"X-Ops-Authorization-{start // 60 + 1}"] = signature[start : start + 60]
        return headers

    def open(self, method, path, headers=None, body=b""):
        """The answer, to be read and closed. A refusal is an HTTPError, and what is broken one of BROKEN."""
        url = self.url + path
        signed = self.signature(method, urllib.parse.urlsplit(url).path, body)
        request = urllib.request.Request(
            url, method=method, data=body if method in ("POST", "PUT") else None, headers={**signed, **(headers or {})}
        )
        return urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)

    def get(self, path):
        with self.open("GET", path) as answer:
            return json.load(answer)

    def start(self, command, nodes):
        """Starts one job, however often that has to be asked for, and returns its id."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        body = json.dumps({"command": command, "nodes": nodes}).encode()
        failures = 0
        while True:
            try:
                with self.open("POST", "jobs", headers, body) as answer:
                    return json.load(answer)["id"]
            except BROKEN as failure:
                failures += 1
                wait_after(failure, failures)

    def follow(self, job):
        """Each event of a job once, as its name and its data, up to the last one."""
        last = None
        failures = 0
        while True:
            try:
                with self.open("GET", f"job_status_feed/{job}", {"Last-Event-ID": last} if last else {}) as feed:
                    for name, event_id, data in events(feed):
                        failures = 0
                        last = event_id or last
                        yield name, data
                        if name in ("job_complete", "summary"):
                            return
                raise ConnectionError("the feed has ended before the job")
            except BROKEN as failure:
                failures += 1
                wait_after(failure, failures)

    def jobs(self, limit=100):
        """All jobs, the newest first, page by page."""
        path = f"jobs?limit={limit}"
        while path:
            with self.open("GET", path) as answer:
                yield from json.load(answer)
                path = answer.headers.get("Link", "").rpartition("/pushy/")[2].partition(">")[0]


def wait_after(failure, failures):
    """Waits until it may help to ask again; raises the failure where it does not."""
    refused = isinstance(failure, urllib.error.HTTPError)
    if failures == ATTEMPTS or (refused and failure.code != 503):
        raise failure
    time.sleep(int(failure.headers["Retry-After"]) if refused else 1)


def events(feed):
    """Server-sent events as they come: name, id and data. A frame that was broken off is none."""
    fields = {}
    for line in feed:
        field, _, value = line.decode().rstrip("\n").partition(": ")
        if field:
            fields[field] = value
        else:
            if "data" in fields:
                yield fields["event"], fields.get("id"), json.loads(fields["data"])
            fields = {}


def show(client, job):
    for name, data in client.follow(job):
        print(name, json.dumps(data, separators=(",", ":")), flush=True)
    ended = client.get(f"jobs/{job}")
    print(ended["status"], json.dumps(ended["nodes"]))
    return 0 if ended["status"] == "complete" and set(ended["nodes"]) == {"succeeded"} else 1


def ask(arguments):
    client = PushJobs(*(os.environ[name] for name in ("PUSHJOBS_SERVER_URL", "PUSHJOBS_USER", "PUSHJOBS_KEY")))
    if len(arguments) > 2 and arguments[0] == "run":
        return show(client, client.start(arguments[1], arguments[2:]))
    if len(arguments) == 2 and arguments[0] == "follow":
        return show(client, arguments[1])
    if arguments[:1] == ["jobs"] and len(arguments) < 3:
        for job in client.jobs(*arguments[1:]):
            print(job["id"], job["status"], job["command"])
        return 0
    print(__doc__, file=sys.stderr)
    return 2


def main(arguments):
    try:
        return ask(arguments)
    except urllib.error.HTTPError as refusal:
        print(refusal.code, refusal.read().decode(), file=sys.stderr)
    except BROKEN as failure:
        print("the server cannot be reached:", failure, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
