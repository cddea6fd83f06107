namespace CoupaGateway.Schema.Observed;

/// <summary>What becomes of keys that records have and the schema lacks.</summary>
/// <param name="CustomFields">Of the customer's own fields, below <c>custom-fields</c>.</param>
/// <param name="Others">Of all other keys.</param>
public sealed record ObservedPolicy(ObservedAction CustomFields = ObservedAction.Add, ObservedAction Others = ObservedAction.Ignore)
{
    public ObservedAction For(ObservedKey key) => key.IsCustomField ? CustomFields : Others;
}
