using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Access;

/// <summary>
/// Takes the key out of the query before the host sees the request: its own log line and trace of every request hold the query, and the links
/// that a feed makes repeat it.
/// </summary>
internal sealed class QueryKeyServer(IServer server, IOptions<AccessOptions> options) : IServer
{
    public IFeatureCollection Features => server.Features;

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull => server.StartAsync(new Application<TContext>(application, options.Value.QueryParameter), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    public void Dispose() => server.Dispose();

    /// <summary>The query without the parameter, and its first value; null when it is not there.</summary>
    internal static (string Query, string Value)? TakeOut(string query, string parameter)
    {
        // Cheap for all the requests without it, and true for every spelling that could be it.
        if (query.Length < 2 || (!query.Contains(parameter, StringComparison.OrdinalIgnoreCase) && !query.Contains('%', StringComparison.Ordinal)))
            return null;

        string? value = null;
        var rest = new List<string>();
        foreach (var pair in query.TrimStart('?').Split('&'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (Uri.UnescapeDataString(equals < 0 ? pair : pair[..equals]).Equals(parameter, StringComparison.OrdinalIgnoreCase))
                value ??= equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
            else
                rest.Add(pair);
        }

        return value is null ? null : (rest.Count == 0 ? "" : "?" + string.Join('&', rest), value);
    }

    private sealed class Application<TContext>(IHttpApplication<TContext> inner, string parameter) : IHttpApplication<TContext>
        where TContext : notnull
    {
        public TContext CreateContext(IFeatureCollection contextFeatures)
        {
            if (contextFeatures.Get<IHttpRequestFeature>() is { } request && TakeOut(request.QueryString, parameter) is var (query, value))
            {
                request.QueryString = query;
                request.RawTarget = request.RawTarget.Split('?', 2)[0] + query;
                contextFeatures.Set(new QueryKeyFeature(value));
            }

            return inner.CreateContext(contextFeatures);
        }

        public Task ProcessRequestAsync(TContext context) => inner.ProcessRequestAsync(context);

        public void DisposeContext(TContext context, Exception? exception) => inner.DisposeContext(context, exception);
    }
}
