using System.Buffers;
using System.Net;
using CoupaGateway.OData.Rows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OData;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.OData.ModelBuilder;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>Real Kestrel on loopback with the three rivals: the gateway's engine and writer, stock ASP.NET Core OData, and bytes from an array.</summary>
internal sealed class BenchmarkServer : IAsyncDisposable
{
    public const int PageSize = 5_000;

    private readonly WebApplication _app;

    private BenchmarkServer(WebApplication app) => _app = app;

    /// <summary>What <c>/bytes</c> sends.</summary>
    public byte[] Bytes { get; set; } = [];

    public Uri Address { get; private set; } = null!;

    public IQueryEngine Engine => _app.Services.GetRequiredService<IQueryEngine>();

    public static async Task<BenchmarkServer> StartAsync(InvoiceTable table, IReadOnlyList<InvoiceRow> stockRows)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<Snapshots.Chunks.IChunkCache>(table);
        builder.Services.AddRows();
        builder.Services.AddSingleton(stockRows);
        builder.Services.AddControllers().AddOData(static odata => odata.AddRouteComponents("stock", StockModel()).EnableQueryFeatures(PageSize));

        var server = new BenchmarkServer(builder.Build());
        server._app.MapGet("/page", context => SendPageAsync(context, table));
        server._app.MapGet("/bytes", async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = server.Bytes.Length;
            await context.Response.BodyWriter.WriteAsync(server.Bytes, context.RequestAborted);
        });
        server._app.MapControllers();
        await server._app.StartAsync();
        server.Address = new Uri(server._app.Urls.First());
        return server;
    }

    private static Microsoft.OData.Edm.IEdmModel StockModel()
    {
        var model = new ODataConventionModelBuilder();
        model.EntitySet<InvoiceRow>("Invoices");
        return model.GetEdmModel();
    }

    private static async Task SendPageAsync(HttpContext context, InvoiceTable table)
    {
        var engine = context.RequestServices.GetRequiredService<IQueryEngine>();
        var writer = context.RequestServices.GetRequiredService<IJsonRowsWriter>();
        var after = long.Parse(context.Request.Query["after"].ToString());
        context.Response.ContentType = "application/json;odata.metadata=minimal;odata.streaming=true";
        using var rows = await engine.OpenAsync(table.Page(after, PageSize), context.RequestAborted);
        var output = context.Response.BodyWriter;
        output.Write("{\"@odata.context\":\"$metadata#invoices\",\"value\":["u8);
        var written = await writer.WriteAsync(rows, output, new JsonRowFormat(), PageSize, [0], context.RequestAborted);
        output.Write(written.More
            ? System.Text.Encoding.UTF8.GetBytes($"],\"@odata.nextLink\":\"http://{context.Request.Host}/page?after={written.LastTokenValues[0]}\"}}")
            : "]}"u8);
        await output.FlushAsync(context.RequestAborted);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
