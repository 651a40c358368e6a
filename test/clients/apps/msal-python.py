"""A small web application on http.server that signs people in with MSAL Python."""
import json
import os
import secrets
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, urlsplit

import msal

AUTHORITY = os.environ["AUTHORITY"]
APP_URL = os.environ["APP_URL"]
CLIENT_ID = os.environ["CLIENT_ID"]
POLICIES = {
    "/sign-in": "B2C_1_susi",
    "/edit-profile": "B2C_1_edit_profile",
    "/reset-password": "B2C_1_reset",
    "/custom-policy": "B2C_1A_signup_signin",
    "/policy-from-xml": "B2C_1A_Join",
}
sessions = {}


def client_of(policy, session):
    return msal.ConfidentialClientApplication(
        CLIENT_ID,
        client_credential=os.environ["CLIENT_SECRET"],
        authority=f"{AUTHORITY}/{policy}",
        token_cache=session.setdefault("cache", msal.TokenCache()),
    )


def begin(policy, session, scope):
    client = client_of(policy, session)
    # The library adds openid, profile and offline_access by itself, and refuses to be told so.
    scopes = [] if scope else [CLIENT_ID]
    flow = client.initiate_auth_code_flow(scopes, redirect_uri=f"{APP_URL}/callback")
    session.update(flow=flow, policy=policy)
    return flow["auth_uri"]


def complete(query, session):
    description = query.get("error_description", "")
    if description.startswith("AADB2C90118"):
        return "/reset-password"
    if description.startswith("AADB2C90091"):
        return "/"
    policy = session["policy"]
    result = client_of(policy, session).acquire_token_by_auth_code_flow(session.pop("flow"), query)
    if "error" in result:
        raise RuntimeError(result["error_description"])
    if policy == "B2C_1_reset":
        return "/sign-in"
    session["user"] = result["id_token_claims"]
    return "/"


def refresh(session):
    client = client_of("B2C_1_susi", session)
    sub = session["user"]["sub"]
    [account] = [
        account
        for account in client.get_accounts()
        if account["home_account_id"].startswith(f"{sub}-b2c_1_susi.")
    ]
    result = client.acquire_token_silent_with_error([CLIENT_ID], account, force_refresh=True)
    if "error" in result:
        raise RuntimeError(result["error_description"])
    return result["id_token_claims"]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            self.answer()
        except Exception as error:
            self.send_text(500, repr(error), {"Content-Type": "text/plain"})

    def answer(self):
        url = urlsplit(self.path)
        cookies = SimpleCookie(self.headers.get("Cookie", ""))
        self.sid = cookies["app"].value if "app" in cookies else secrets.token_urlsafe(16)
        session = sessions.setdefault(self.sid, {})
        query = dict(parse_qsl(url.query))
        if url.path in POLICIES:
            self.redirect(begin(POLICIES[url.path], session, query.get("scope")))
        elif url.path == "/callback":
            self.redirect(complete(query, session))
        elif url.path == "/refresh":
            self.json(refresh(session))
        elif url.path == "/sign-out":
            del sessions[self.sid]
            end_session = f"{AUTHORITY}/B2C_1_susi/oauth2/v2.0/logout"
            self.redirect(f"{end_session}?post_logout_redirect_uri={quote(APP_URL + '/', safe='')}")
        elif url.path == "/":
            self.json({"user": session["user"]} if "user" in session else {})
        else:
            self.send_error(404)

    def json(self, value):
        self.send_text(200, json.dumps(value), {"Content-Type": "application/json"})

    def redirect(self, location):
        self.send_text(302, "", {"Location": location})

    def send_text(self, status, text, headers):
        body = text.encode()
        self.send_response(status)
        if hasattr(self, "sid"):
            self.send_header("Set-Cookie", f"app={self.sid}; Path=/; HttpOnly")
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", urlsplit(APP_URL).port), Handler)
print("listening", flush=True)
server.serve_forever()
