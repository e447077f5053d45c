"""What must not be read by others: where a kept sign-in lies, and what a process leaves behind.

The order in which a secret is looked for (MEASURED, keyring): the environment, a file of ours that nobody
else can read, `.pgpass` for a database, the keyring, and then the person is asked. Never plain text silently.
"""
