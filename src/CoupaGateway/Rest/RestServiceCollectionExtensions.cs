using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization;

namespace CoupaGateway.Rest;

internal static class RestServiceCollectionExtensions
{
    /// <summary>Problem details for every error of the REST API, each with the id of its trace.</summary>
    public static IServiceCollection AddRest(this IServiceCollection services)
    {
        // What cannot be bound comes to ProblemMiddleware, which says what is wrong.
        services.Configure<RouteHandlerOptions>(static options => options.ThrowOnBadRequest = true);

        services.ConfigureHttpJsonOptions(static options =>
        {
            // A misspelt field would else be as if it were left out: grants that narrow nothing, for example.
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;

            // Messages quote names with apostrophes, and people read them in terminals; no answer is put into a page (BrowserProtection).
            options.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });
        return services.AddProblemDetails(static options => options.CustomizeProblemDetails = static context =>
        {
            context.ProblemDetails.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
        });
    }
}
