using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OData;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Query.Wrapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OData.Edm;
using Microsoft.OData.ModelBuilder;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Tests.Differential;

/// <summary>Stock Microsoft.AspNetCore.OData over rows in memory: what the options of a query give there.</summary>
internal sealed class StockService(IReadOnlyList<StockRow> rows) : IDisposable
{
    private readonly IEdmModel _model = Model();
    private readonly ServiceProvider _services = Services();

    /// <summary>The ids of the rows that a query gives, in its order.</summary>
    public long[] Ids(string options) => [.. Apply(options).Cast<StockRow>().Select(static row => row.id)];

    /// <summary>The groups that $apply gives: values by name.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, object?>> Groups(string options) =>
        [.. Apply(options).Cast<DynamicTypeWrapper>().Select(static group => group.Values.ToDictionary(static pair => pair.Key, static pair => (object?)pair.Value))];

    /// <summary>The rows that $select gives: values by name.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows(string options) =>
        [.. Apply(options).Cast<ISelectExpandWrapper>().Select(static row => row.ToDictionary().ToDictionary(static pair => pair.Key, static pair => (object?)pair.Value))];

    public void Dispose() => _services.Dispose();

    private IQueryable Apply(string options)
    {
        var context = new DefaultHttpContext { RequestServices = _services };
        context.Request.Method = "GET";
        context.Request.Path = "/values";
        context.Request.QueryString = new QueryString("?" + options);
        var set = _model.EntityContainer.FindEntitySet("values");
        var path = new ODataPath(new EntitySetSegment(set));
        context.Request.ODataFeature().Model = _model;
        context.Request.ODataFeature().Path = path;
        context.Request.ODataFeature().Services = _services;
        context.Request.ODataFeature().RoutePrefix = "";
        var query = new ODataQueryOptions<StockRow>(new ODataQueryContext(_model, typeof(StockRow), path), context.Request);
        var settings = new ODataQuerySettings { EnsureStableOrdering = true, HandleNullPropagation = HandleNullPropagationOption.True, TimeZone = TimeZoneInfo.Utc };
        return query.ApplyTo(rows.AsQueryable(), settings);
    }

    private static IEdmModel Model()
    {
        var builder = new ODataConventionModelBuilder();
        builder.EntitySet<StockRow>("values").EntityType.HasKey(static row => row.id);
        return builder.GetEdmModel();
    }

    private static ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddControllers().AddOData(static options => options.EnableQueryFeatures());
        services.AddDefaultODataServices();
        return services.BuildServiceProvider();
    }
}
