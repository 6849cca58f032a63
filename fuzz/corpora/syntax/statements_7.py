0import a
