"""State codes and their check digits. Pure."""


def oktmo_check_digit(code: str) -> str:
    """The control digit of an OKTMO code (ОК 033-2013, by the rules of ПР 50.1.024-2005).

    Digits are weighted 1, 2, 3… and summed modulo 11; on a remainder of 10 the weights are 3, 4, 5…, and on
    another 10 the digit is 0. Weights run from 1 to 10 and start again.
    """
    for shift in (0, 2):
        weights = ((index + shift) % 10 + 1 for index in range(len(code)))
        remainder = sum(int(digit) * weight for digit, weight in zip(code, weights, strict=True)) % 11
        if remainder < 10:
            return str(remainder)
    return "0"
