0try: a
except: b
