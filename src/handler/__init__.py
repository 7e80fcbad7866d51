"""The Lambda function behind the CloudFormation macro: event in, processed template out."""
