"""Read: a template in, its state machines out, with what CloudFormation says about every value in them."""
