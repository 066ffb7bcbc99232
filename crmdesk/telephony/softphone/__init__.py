"""Softphones that start a program when they ring: MicroSIP, Zoiper, 3CX, Linphone.

They tell a number and nothing more, each in a process of its own; `desk.handover` brings
it here.
"""
