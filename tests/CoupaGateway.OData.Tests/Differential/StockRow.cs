namespace CoupaGateway.OData.Tests.Differential;

/// <summary>A row of <see cref="Feed.TestTables.Values"/> as stock Microsoft.AspNetCore.OData has it: names are those of the payload.</summary>
#pragma warning disable IDE1006, SA1300 // the names of the columns
public sealed class StockRow
{
    public long id { get; set; }

    public long? a { get; set; }

    public string? b { get; set; }

    public decimal? c { get; set; }

    public bool? d { get; set; }

    public DateTimeOffset? e { get; set; }

    public DateOnly? f { get; set; }
}
#pragma warning restore IDE1006, SA1300
