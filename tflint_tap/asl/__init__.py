"""Amazon States Language: definitions of state machines, as https://states-language.net/spec.html describes them."""
