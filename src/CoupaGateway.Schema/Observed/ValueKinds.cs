namespace CoupaGateway.Schema.Observed;

/// <summary>Kinds of values that a JSON key was seen with.</summary>
[Flags]
public enum ValueKinds
{
    None = 0,
    Integer = 1,

    /// <summary>A number with a fraction or an exponent, or a text such as <c>"567.07"</c>: Coupa writes decimals so.</summary>
    Decimal = 2,
    Boolean = 4,
    Date = 8,
    DateTime = 16,
    Text = 32,
    Object = 64,
    Array = 128,
}
