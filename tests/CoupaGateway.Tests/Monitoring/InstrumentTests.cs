using System.Text;
using System.Text.RegularExpressions;
using CoupaGateway.Telemetry;
using CoupaGateway.Tests.Documents;

namespace CoupaGateway.Tests.Monitoring;

public sealed partial class InstrumentTests
{
    [Fact]
    public void The_document_lists_every_instrument()
    {
        var table = new StringBuilder("| metric | at `/metrics` | kind | unit | attributes | what it tells |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var instrument in Instruments.All)
        {
            var attributes = string.Join(", ", instrument.Attributes.Select(static name => $"`{name}`"));
            table.Append($"| `{instrument.Name}` | `{PrometheusNames.NameOf(instrument)}` | {instrument.Kind} | {instrument.Unit} | {attributes} | {instrument.Description} |\n");
        }

        GeneratedPart.AssertUpToDate("docs/monitoring.md", "instruments", table.ToString());
    }

    [Fact]
    public void Names_units_and_attributes_keep_to_the_conventions()
    {
        Assert.Distinct(Instruments.All.Select(static instrument => instrument.Name));
        Assert.All(Instruments.All, static instrument =>
        {
            Assert.Matches(NamePattern(), instrument.Name);
            Assert.Matches(UnitPattern(), instrument.Unit);
            Assert.All(instrument.Attributes, static name => Assert.Matches(NamePattern(), name));
            Assert.False(instrument.Name.EndsWith("total", StringComparison.Ordinal));
        });
    }

    [GeneratedRegex("^[a-z]+([._][a-z]+)+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^(s|By|1|\{[a-z]+\}(/s)?)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UnitPattern();
}
