"""Second factors: the authenticator app, passkeys, recovery codes, and signing in with each of them."""
