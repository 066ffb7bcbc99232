"""LDAP directories: OpenLDAP, Active Directory, 389. Only read."""
