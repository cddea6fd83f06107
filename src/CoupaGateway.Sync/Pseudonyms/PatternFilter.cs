namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>Lets the values of a column in clear pass and counts those that look like personal data. It remembers no value.</summary>
internal sealed class PatternFilter : ValueFilter
{
    public long Emails { get; private set; }

    public long Phones { get; private set; }

    public long Ibans { get; private set; }

    public override ValueOutcome Apply(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> stored)
    {
        stored = value;
        if (value.Length < 6)
            return ValueOutcome.Stored;
        if (ValuePatterns.HoldsEmail(value))
            Emails++;
        else if (ValuePatterns.IsPhone(value))
            Phones++;
        else if (ValuePatterns.IsIban(value))
            Ibans++;

        return ValueOutcome.Stored;
    }
}
