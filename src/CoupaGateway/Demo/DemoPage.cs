using Spectre.Console;

namespace CoupaGateway.Demo;

/// <summary>What the demo tells its user beside the progress of the load.</summary>
internal sealed class DemoPage(IAnsiConsole console, Uri address)
{
    private readonly Uri _feed = new(address, Endpoints.Feed(DemoOptions.Connection));

    public void ShowStart(string folder, string key)
    {
        console.WriteLine();
        Line("Feed", _feed.ToString());
        Line("Swagger UI", new Uri(address, Endpoints.Swagger).ToString());
        Line("Data", folder);
        Line("Key", key + " (of the pseudonyms: names, logins and e-mail addresses of people are never stored in clear)");
        console.WriteLine();
    }

    public void ShowLinks()
    {
        console.WriteLine();
        console.MarkupLine("[bold]Try[/]");
        Link("$metadata");
        Link("invoices?$filter=status eq 'approved'&$select=id,invoice_number,supplier_name,gross_total,currency_code&$orderby=id desc&$top=5");
        Link("invoice_lines?$count=true&$top=10");
        console.WriteLine();
        console.MarkupLine("[bold]Power BI[/] (or Excel: Data, Get Data, From OData Feed)");
        console.WriteLine($"  OData.Feed(\"{_feed}\", null, [Implementation=\"2.0\"])");
        console.WriteLine();
        console.MarkupLine("Ctrl+C ends the demo. What was loaded is there again at the next start.");
    }

    // Not through a markup or table: links must stay whole on a line, so that a terminal makes them clickable and a script can read them.
    private void Link(string relative) => console.Profile.Out.Writer.WriteLine("  " + new Uri(_feed, relative).AbsoluteUri);

    private void Line(string label, string value)
    {
        console.Markup($"[bold]{label.PadRight(11)}[/]");
        console.Profile.Out.Writer.WriteLine(value);
    }
}
