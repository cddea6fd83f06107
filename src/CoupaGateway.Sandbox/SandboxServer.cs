using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using CoupaGateway.Sandbox.Access;
using CoupaGateway.Sandbox.Control;
using CoupaGateway.Sandbox.Faults;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CoupaGateway.Sandbox;

/// <summary>A Coupa-like tenant that answers on 127.0.0.1 until it is disposed.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SandboxServer(WebApplication app, SandboxOptions options, SandboxControl control)
    {
        _app = app;
        ClientId = options.ClientId;
        ClientSecret = options.ClientSecret;
        Control = control;
        BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>The address of the instance, e.g. <c>http://127.0.0.1:41234</c>.</summary>
    public Uri BaseAddress { get; }

    public string ClientId { get; }

    public string ClientSecret { get; }

    public SandboxControl Control { get; }

    /// <summary>Starts a tenant.</summary>
    /// <param name="options">How it looks and behaves; the defaults when null.</param>
    /// <param name="clock">What token lifetimes, the rate limit and new changes go by; the system's clock when null.</param>
    /// <exception cref="ValidationException">An option is out of range.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SandboxServer> StartAsync(
        SandboxOptions? options = null, TimeProvider? clock = null, CancellationToken cancellationToken = default)
    {
        options ??= new SandboxOptions();
        clock ??= TimeProvider.System;
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);

        // No arguments and no appsettings: a host's configuration is not the sandbox's.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Limits.MaxRequestLineSize = Math.Max(64 * 1024, options.MaxUrlLength * 2);
            kestrel.AddServerHeader = false;
        });
        if (options.LogToConsole)
            builder.Logging.AddConsole();
        if (options.Compress)
            builder.Services.AddResponseCompression(o => o.EnableForHttps = true);

        var tenant = new SandboxTenant(options, clock);
        var tokens = new TokenStore(clock) { Lifetime = options.TokenLifetime, WarmUp = options.TokenWarmUp };
        var budget = new RequestBudget(clock) { Rate = options.Rate, Burst = options.Burst };
        var settings = new SandboxSettings { SendRetryAfter = options.SendRetryAfter, PageDelay = options.PageDelay };
        var counters = new RequestCounters(clock);
        var faults = new FaultBox(options.Seed);
        var control = new SandboxControl(tenant, faults, budget, tokens, settings, counters);
        var api = new ApiEndpoint(options, tenant, tokens, budget, settings);
        var token = new TokenEndpoint(options, tokens);
        var faulty = new FaultMiddleware(faults);

        var app = builder.Build();
        if (options.Compress)
            app.UseResponseCompression();
        app.Run(async context =>
        {
            var path = context.Request.Path.Value!;
            if (path.StartsWith("/_sandbox/", StringComparison.Ordinal))
            {
                context.Response.ContentType = "application/json; charset=utf-8";
                await ControlEndpoints.HandleAsync(context, control);
                return;
            }

            counters.Arrived();
            context.Response.Headers.Date = tenant.Changes.Clock.ToString("R", CultureInfo.InvariantCulture);
            try
            {
                await faulty.InvokeAsync(context, path switch
                {
                    "/oauth2/token" => token.HandleAsync,
                    _ when path.StartsWith("/api/", StringComparison.Ordinal) => api.HandleAsync,
                    _ => c => Answers.ErrorAsync(c, StatusCodes.Status404NotFound, "path", "does not exist"),
                });
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // The client went away.
            }
            finally
            {
                counters.Answered(path, context.RequestAborted.IsCancellationRequested ? 0 : context.Response.StatusCode);
            }
        });
        await app.StartAsync(cancellationToken);
        return new SandboxServer(app, options, control);
    }

    /// <summary>Completes when the process is asked to stop.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
