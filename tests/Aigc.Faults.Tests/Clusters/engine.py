"""An engine that proves things: it is alone on its disk, or says so, and it notes each file once it is written."""
import fcntl, http.server, os, random, signal, sys, threading, time

disk, pod, ledger = os.environ["VOLUME_DATA"], os.environ["POD_NAME"], os.environ["LEDGER"]


def note(*words):
    with open(ledger, "a") as file:
        file.write(" ".join(str(word) for word in words) + "\n")


lock = open(os.path.join(disk, "lock"), "a")
try:
    # Held for as long as this process lives, however it ends.
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError:
    note("overlap", pod, disk)
    sys.exit(9)
note("start", pod, time.time())
ended = threading.Event()


def work():
    number = 0
    while not ended.wait(0.25):
        number += 1
        path = os.path.join(disk, f"{pod}-{number}")
        with open(path + ".part", "w") as file:
            file.write(path)
        os.rename(path + ".part", path)
        note("file", path)


def stop(*_):
    """Some take their time, within what they are given."""
    time.sleep(random.choice([0, 0, 0.3, 1.2]))
    note("stop", pod, time.time())
    os._exit(0)


signal.signal(signal.SIGTERM, stop)
threading.Thread(target=work, daemon=True).start()


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(pod.encode())

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer((os.environ["POD_IP"], 7860), Page).serve_forever()
