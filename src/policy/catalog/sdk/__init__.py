"""What each operation of each AWS SDK integration requires: data that ``tools/build_sdk_catalogue.py`` makes.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""
