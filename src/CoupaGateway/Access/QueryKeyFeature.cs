namespace CoupaGateway.Access;

/// <summary>The key that stood in the query of the request, taken out of it.</summary>
internal sealed class QueryKeyFeature(string text)
{
    /// <summary>Not a record's member, so that nothing prints it.</summary>
    public string Text { get; } = text;
}
