using System.Text.RegularExpressions;
using CoupaGateway.Access;
using CoupaGateway.Access.Keys;
using CoupaGateway.Tests.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace CoupaGateway.Tests.Access;

public sealed partial class RoleTests
{
    /// <summary>Who may call what, as docs/connections.md says. An endpoint that is not here fails the test: decide who may call it.</summary>
    private static readonly Dictionary<GatewayRole, string[]> Expected = new()
    {
        [GatewayRole.Reader] = ["getMetadataSchema", "OData feed", "OData feed without a connection"],
        [GatewayRole.Operator] =
        [
            "listConnections", "getConnection", "pauseConnection", "resumeConnection", "testSettings", "testConnection", "getLastTest", "listTables",
            "getMetadata", "replaceMetadata", "deleteMetadata", "validateMetadata", "compareMetadata", "previewMetadata", "getDrift", "getEffectiveMetadata",
            "listMetadataRevisions", "rollBackMetadata", "createPseudonyms", "getPseudonymReport", "measureGroups",
            "startSync", "listSyncs", "followSyncs", "getSync", "followSync", "cancelSync", "listDeadLetters", "getHealth",
        ],
        [GatewayRole.Admin] =
        [
            "createConnection", "replaceConnection", "changeConnection", "deleteConnection", "listKeys", "createKey", "getKey", "revokeKey", "rotateKey", "listAudit",
        ],
    };

    [Fact]
    public async Task Every_endpoint_answers_each_role_as_it_states()
    {
        await using var host = await GatewayHost.StartAsync();
        var clients = new Dictionary<GatewayRole, HttpClient>();
        foreach (var role in Enum.GetValues<GatewayRole>())
            clients[role] = await host.ClientAsync(new KeyInput { Name = role.ToString(), Role = role });

        var open = new List<string>();
        var stated = Expected.Keys.ToDictionary(static role => role, static _ => new List<string>());
        foreach (var endpoint in host.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var path = Parameter().Replace(endpoint.RoutePattern.RawText!, static parameter => parameter.Value.EndsWith(":int}", StringComparison.Ordinal) ? "1" : "no-such-thing").TrimStart('/');
            if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            {
                open.Add(path);
                continue;
            }

            var needed = endpoint.Metadata.GetMetadata<RequiredRole>();
            Assert.True(needed is not null, $"{endpoint.DisplayName} states no role");
            stated[needed.Role].Add(endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? endpoint.DisplayName!);
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                Assert.Equal(401, (await GatewayHost.SendAsync(host.Anonymous, method, path)).Status);
                foreach (var (role, client) in clients)
                {
                    var (status, body, _) = await GatewayHost.SendAsync(client, method, path);
                    Assert.NotEqual(401, status);
                    Assert.True(status == 403 == role < needed.Role, $"{method} {path} answered {status} to {role}: {body}");
                }
            }
        }

        Assert.Equal(["livez", "readyz", "startupz"], open);
        foreach (var (role, names) in Expected)
            Assert.Equal(names.Order(StringComparer.Ordinal), stated[role].Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("swagger/index.html")]
    [InlineData("swagger/gateway/swagger.json")]
    [InlineData("api/v1")]
    [InlineData("odata")]
    [InlineData("livez/more")]
    [InlineData("//livez")]
    public async Task What_is_no_endpoint_is_closed_too(string path)
    {
        await using var host = await GatewayHost.StartAsync();

        Assert.Equal(401, (await GatewayHost.SendAsync(host.Anonymous, "GET", new Uri(host.Anonymous.BaseAddress + path).AbsoluteUri)).Status);
    }

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
