using System.Text;
using CoupaGateway.Sandbox.Catalog;

namespace CoupaGateway.Sandbox.Access;

/// <summary><c>POST /oauth2/token</c> for the client credentials grant.</summary>
internal sealed class TokenEndpoint(SandboxOptions options, TokenStore tokens)
{
    private readonly HashSet<string> _granted = new(
        options.Scopes ?? ApiCatalog.Instance.Scopes, StringComparer.Ordinal);

    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await Answers.ErrorAsync(context, StatusCodes.Status405MethodNotAllowed, "method", "is not allowed");
            return;
        }

        if (!context.Request.HasFormContentType)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid_request");
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (id, secret) = Credentials(context.Request, form);
        if (id != options.ClientId || secret != options.ClientSecret)
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "invalid_client");
            return;
        }

        if (form["grant_type"] != "client_credentials")
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "unsupported_grant_type");
            return;
        }

        var asked = form["scope"].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (asked.Any(scope => !_granted.Contains(scope)))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid_scope");
            return;
        }

        IReadOnlySet<string> scopes = asked.Length == 0 ? _granted : asked.ToHashSet(StringComparer.Ordinal);
        var token = tokens.Mint(scopes);
        context.Response.Headers.CacheControl = "no-store";
        await Answers.JsonAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("access_token"u8, token);
            writer.WriteString("token_type"u8, "bearer"u8);
            writer.WriteNumber("expires_in"u8, (long)tokens.Lifetime.TotalSeconds);
            writer.WriteString("scope"u8, string.Join(' ', scopes));
            writer.WriteEndObject();
        });
    }

    private static (string? Id, string? Secret) Credentials(HttpRequest request, IFormCollection form)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return (form["client_id"], form["client_secret"]);
        Span<byte> bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[6..].Trim(), bytes, out var length))
            return (null, null);
        var parts = Encoding.UTF8.GetString(bytes[..length]).Split(':', 2);
        return parts.Length == 2 ? (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1])) : (null, null);
    }

    private static Task RefuseAsync(HttpContext context, int status, string error) => Answers.JsonAsync(context, status, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("error"u8, error);
        writer.WriteEndObject();
    });
}
