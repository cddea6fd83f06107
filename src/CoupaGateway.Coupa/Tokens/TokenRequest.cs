using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CoupaGateway.Coupa.Diagnostics;
using CoupaGateway.Coupa.Failures;
using CoupaGateway.Coupa.Http;
using CoupaGateway.Coupa.Tenants;

namespace CoupaGateway.Coupa.Tokens;

/// <summary>The one request that is not a GET: mints a token by client credentials and tells its failures apart.</summary>
internal sealed class TokenRequest(CoupaTenant tenant, IHttpClientFactory clients, TimeProvider time, CoupaMetrics metrics)
{
    private const int MaxBytes = 256 * 1024;
    private static readonly TimeSpan LifetimeWhenUnsaid = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(7);

    /// <exception cref="CoupaException">There is no token, and why.</exception>
    public async Task<AccessToken> SendAsync()
    {
        using var timeout = new CancellationTokenSource(tenant.TokenTimeout, time);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(tenant.Instance, CoupaConstants.TokenPath));
            message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            message.Content = new FormUrlEncodedContent(Form());
            using var client = clients.CreateClient(CoupaConstants.HttpClientName);
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            metrics.Answered(tenant.Host, (int)response.StatusCode);
            return await ReadAsync(response, timeout.Token);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested)
        {
            throw new CoupaException(CoupaFailure.Timeout, $"{tenant.Host} did not answer the token request within {tenant.TokenTimeout.TotalSeconds:0.#} s.", innerException: exception);
        }
        catch (Exception exception) when (Answers.IsTransportFault(exception))
        {
            throw Answers.FromTransport(exception, tenant.Host);
        }
    }

    private List<KeyValuePair<string, string>> Form()
    {
        List<KeyValuePair<string, string>> form =
        [
            new("grant_type", "client_credentials"),
            new("client_id", tenant.ClientId),
            new("client_secret", tenant.ClientSecret),
        ];
        if (tenant.Scope.Length > 0)
            form.Add(new("scope", tenant.Scope));
        return form;
    }

    private async Task<AccessToken> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = response.StatusCode;
        if (status is not (HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            var retryAfter = Answers.RetryAfter(response, time.GetUtcNow(), tenant.MaxRetryAfter);
            throw Answers.FromStatus(response, tenant.Host, CoupaConstants.TokenPath, retryAfter);
        }

        using var body = await BodyReader.ReadAsync(response.Content, MaxBytes, cancellationToken);
        if (Answers.IsHtml(response, body.Bytes.Span))
            throw Answers.Html(tenant.Host, CoupaConstants.TokenPath, status);

        using var document = Parse(body.Bytes);
        if (status is HttpStatusCode.OK or HttpStatusCode.Created)
            return ReadToken(document?.RootElement);

        throw Refusal(status, document is null ? null : Text(document.RootElement, "error"));
    }

    private AccessToken ReadToken(JsonElement? answer)
    {
        var value = answer is { } root ? Text(root, "access_token") : null;

        // A token goes into a header: whatever is not a plain word is refused here, before the header class quotes it in an exception.
        if (string.IsNullOrEmpty(value) || value.Any(static c => c is <= ' ' or > '~'))
            throw new CoupaException(CoupaFailure.MalformedBody, $"{tenant.Host} answered the token request without a usable access_token.", HttpStatusCode.OK);

        var lifetime = Lifetime(answer!.Value);

        // The vendor advises 20 of 24 hours.
        return new AccessToken(value, time.GetTimestamp(), lifetime * 5 / 6, lifetime);
    }

    private static TimeSpan Lifetime(JsonElement answer)
    {
        if (!answer.TryGetProperty("expires_in", out var field))
            return LifetimeWhenUnsaid;

        var seconds = field.ValueKind == JsonValueKind.Number && field.TryGetDouble(out var number) ? number
            : double.TryParse(Text(answer, "expires_in"), out number) ? number
            : double.NaN;
        return double.IsFinite(seconds) ? TimeSpan.FromSeconds(Math.Clamp(seconds, 1, LongestLifetime.TotalSeconds)) : LifetimeWhenUnsaid;
    }

    private CoupaException Refusal(HttpStatusCode status, string? error) => error switch
    {
        "invalid_client" or "unauthorized_client" => new CoupaException(CoupaFailure.InvalidClient,
            $"{tenant.Host} does not know the client id, or the client secret is wrong. Compare both with the OAuth client in Coupa.", status),
        "invalid_scope" => new CoupaException(CoupaFailure.InvalidScope,
            $"The OAuth client at {tenant.Host} lacks a scope that was asked for. Coupa does not say which: try each alone, then grant it in Coupa.", status),
        _ => new CoupaException(CoupaFailure.TokenRefused,
            $"{tenant.Host} refused the token request with {(int)status}. Check the OAuth client in Coupa and whether this machine's IP address is allowed.", status),
    };

    private static JsonDocument? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8 });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string name)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(name, out var field) || field.ValueKind != JsonValueKind.String)
            return null;

        try
        {
            return field.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair: valid JSON, but no text
        }
    }
}
