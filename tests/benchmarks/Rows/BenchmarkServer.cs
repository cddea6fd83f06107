using System.Net;
using CoupaGateway.OData;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.OData;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.OData.ModelBuilder;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>Real Kestrel on loopback with the three rivals: the gateway's feed as the host maps it, stock ASP.NET Core OData, and bytes from an array.</summary>
internal sealed class BenchmarkServer : IAsyncDisposable
{
    public const int PageSize = 5_000;

    private readonly WebApplication _app;

    private BenchmarkServer(WebApplication app) => _app = app;

    /// <summary>What <c>/bytes</c> sends.</summary>
    public byte[] Bytes { get; set; } = [];

    public Uri Address { get; private set; } = null!;

    /// <summary>What <c>/stock</c> serves.</summary>
    public StockRows Stock => _app.Services.GetRequiredService<StockRows>();

    /// <summary>Memory that the feed holds for lookups by key, in bytes.</summary>
    public long LookupBytes => _app.Services.GetRequiredService<CoupaGateway.OData.Points.PointCache>().Bytes;

    public static async Task<BenchmarkServer> StartAsync(InvoiceTable table)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var feed = new BenchmarkFeed(table);
        builder.Services.AddSingleton<ISchemaProvider>(feed);
        builder.Services.AddSingleton<ISnapshotCatalog>(feed);
        builder.Services.AddSingleton<IChunkCache>(feed);
        builder.Services.AddODataFeeds(builder.Configuration);
        builder.Services.AddSingleton<StockRows>();
        builder.Services.AddControllers().AddOData(static odata => odata.AddRouteComponents("stock", StockModel()).EnableQueryFeatures(PageSize));

        var server = new BenchmarkServer(builder.Build());
        server._app.MapODataFeeds();
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
        model.EntitySet<InvoiceRow>("Page");
        return model.GetEdmModel();
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
