"""MedObvious: is this input fit to read at all?"""
