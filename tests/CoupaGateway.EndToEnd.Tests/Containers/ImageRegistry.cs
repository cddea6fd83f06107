using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.EndToEnd.Tests.Containers;

/// <summary>A container registry on the loopback address that serves one image, under every name and tag.</summary>
internal sealed class ImageRegistry : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ImageRegistry(WebApplication app) => _app = app;

    /// <summary>For example <c>localhost:40123</c>.</summary>
    public string Host => $"localhost:{new Uri(_app.Urls.First()).Port}";

    public static async Task<ImageRegistry> StartAsync(BaseImage image, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var registry = new ImageRegistry(builder.Build());
        registry._app.Run(context => AnswerAsync(context, image));
        await registry._app.StartAsync(cancellationToken);
        return registry;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context, BaseImage image)
    {
        // /v2/{name}/manifests/{tag or digest} and /v2/{name}/blobs/{digest}
        var parts = context.Request.Path.Value!.Split('/');
        var isManifest = parts[^2] == "manifests";
        var digest = isManifest && !parts[^1].StartsWith("sha256:", StringComparison.Ordinal) ? image.Index : parts[^1];
        if (!image.Blobs.TryGetValue(digest, out var content))
        {
            context.Response.StatusCode = context.Request.Path == "/v2/" ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType =
            !isManifest ? "application/octet-stream"
            : digest == image.Index ? "application/vnd.oci.image.index.v1+json"
            : "application/vnd.oci.image.manifest.v1+json";
        context.Response.ContentLength = content.Length;
        context.Response.Headers["Docker-Content-Digest"] = digest;
        if (HttpMethods.IsGet(context.Request.Method))
            await context.Response.Body.WriteAsync(content);
    }
}
