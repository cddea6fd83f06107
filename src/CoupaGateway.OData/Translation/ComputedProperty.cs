namespace CoupaGateway.OData.Translation;

/// <summary>A property that a request has made up.</summary>
/// <param name="Name">Its name in the payload.</param>
/// <param name="Column">The SQL identifier under which a subquery gives it.</param>
/// <param name="Value">What it is computed from.</param>
internal sealed record ComputedProperty(string Name, string Column, SqlFragment Value)
{
    public string SelectItem => $"{Value.Text} AS {Column}";

    /// <summary>The property of a row of the subquery.</summary>
    public SqlFragment In(string alias) => Value with { Text = $"{alias}.{Column}" };
}
