"""Understand: a definition in the Amazon States Language in, its tasks out, with what is known of each parameter.

https://states-language.net/spec.html and https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
"""
