using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using CoupaGateway.Access;
using CoupaGateway.Connections;
using CoupaGateway.Connections.Testing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace CoupaGateway.Rest;

/// <summary>The connection test.</summary>
internal static class ConnectionTestEndpoints
{
    public static IEndpointRouteBuilder MapConnectionTests(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup($"{Endpoints.Api}/connections").WithTags("Connection test").Needs(GatewayRole.Operator);
        group.MapPost("/test", TestSettingsAsync)
            .WithName("testSettings")
            .WithSummary("Test settings that are not saved")
            .WithDescription("Runs the checklist and says of each step what was found, the likely cause and how to mend it. It takes a minute and a tenth of the request budget at most. With Accept: text/event-stream each step comes as an event when it is known.")
            .WithMetadata(new RequestSizeLimitAttribute(RestLimits.Body))
            .Tests()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapPost("/{connection}/test", TestConnectionAsync)
            .WithName("testConnection")
            .WithSummary("Test a connection")
            .WithDescription("As testSettings, with the settings that are in force. The result is kept.")
            .Tests()
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/{connection}/test", LastTestAsync)
            .WithName("getLastTest")
            .WithSummary("Get the last result of a connection's test")
            .WithDescription("What the last test found.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        return endpoints;
    }

    private static RouteHandlerBuilder Tests(this RouteHandlerBuilder endpoint) => endpoint
        .Produces<ConnectionTestReport>(StatusCodes.Status200OK, "application/json", EventStream.ContentType)
        .ProducesProblem(StatusCodes.Status409Conflict);

    private static Task<IResult> TestSettingsAsync(ConnectionInput input, HttpContext context, [FromServices] ConnectionTests tests, CancellationToken cancellationToken) =>
        tests.Of(input, out var errors) is { } connection
            ? AnswerAsync(connection, save: false, context, tests, cancellationToken)
            : Task.FromResult<IResult>(Problems.Invalid(errors));

    private static Task<IResult> TestConnectionAsync(
        string connection, HttpContext context, [FromServices] ConnectionRegistry connections, [FromServices] ConnectionTests tests, CancellationToken cancellationToken) =>
        connections.FindEntry(connection) switch
        {
            null => Task.FromResult<IResult>(Problems.NoSuchConnection()),
            { Definition: { } definition } => AnswerAsync(tests.Of(definition), save: true, context, tests, cancellationToken),
            { Problem: var problem } => Task.FromResult<IResult>(Problems.Create(StatusCodes.Status409Conflict, "connection-unusable", "The connection cannot be used.", problem ?? "")),
        };

    private static async Task<Results<Ok<ConnectionTestReport>, ProblemHttpResult>> LastTestAsync(
        string connection, [FromServices] ConnectionRegistry connections, [FromServices] ConnectionTests tests, CancellationToken cancellationToken) =>
        connections.FindEntry(connection) is null ? Problems.NoSuchConnection()
        : await tests.ReadAsync(connection, cancellationToken) is { } report ? TypedResults.Ok(report)
        : Problems.Create(StatusCodes.Status404NotFound, "never-tested", "The connection was never tested.", $"POST {Endpoints.Api}/connections/{{name}}/test tests it.");

    private static async Task<IResult> AnswerAsync(TestedConnection connection, bool save, HttpContext context, ConnectionTests tests, CancellationToken cancellationToken)
    {
        if (tests.TryBegin(connection) is not { } claim)
            return Problems.Create(StatusCodes.Status409Conflict, "test-running", "A test of this host is running.", "Wait until it has ended: a minute at most.");

        if (WantsEvents(context.Request))
        {
            context.Response.OnCompleted(() =>
            {
                claim.Dispose();
                return Task.CompletedTask;
            });
            return EventStream.Of(context, EventsAsync(tests.RunAsync(connection, save, cancellationToken), cancellationToken));
        }

        using (claim)
            return TypedResults.Ok(await tests.ReportAsync(connection, save, cancellationToken));
    }

    private static bool WantsEvents(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept.ToArray()!, out var types)
        && types.Any(static type => type.MediaType.Equals(EventStream.ContentType, StringComparison.OrdinalIgnoreCase));

    private static async IAsyncEnumerable<SseItem<ConnectionTestStep?>> EventsAsync(
        IAsyncEnumerable<ConnectionTestStep> steps, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var step in steps.WithCancellation(cancellationToken))
            yield return new SseItem<ConnectionTestStep?>(step, "step");
        yield return new SseItem<ConnectionTestStep?>(null, "done");
    }
}
