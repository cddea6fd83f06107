namespace CoupaGateway.Hosting;

/// <summary>What browsers are told about every answer (OWASP REST Security Cheat Sheet, "Security Headers"): to take it for what its content type says, and to show it in no other site's frame.</summary>
internal static class BrowserProtection
{
    public static IApplicationBuilder UseBrowserProtection(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        // Errors clear the headers that were set before them.
        context.Response.OnStarting(static response => Protect((HttpResponse)response), context.Response);
        return next(context);
    });

    private static Task Protect(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "frame-ancestors 'none'";
        return Task.CompletedTask;
    }
}
