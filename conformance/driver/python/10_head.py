# -*- coding: utf-8 -*-
# A Heddle driver: one family of claims and the harness that runs it inside a Python runtime.
#
# Usage: PYTHON driver.py [OUT.jsonl [DIRECTORY]]. Events go to OUT.jsonl (default: standard output), generated modules to
# DIRECTORY (default: a new temporary one). Needs sys, time, json and, for claims with actors, threading; everything else is used
# only where the runtime has it. Written in the common subset of Python 2.7 and 3.
import json
import sys
import time

clock = getattr(time, "perf_counter", time.time)
NoneType = type(None)
