using CoupaGateway.OData.Feed;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CoupaGateway.OData.Tests.Feed;

public sealed class TransportTests
{
    [Theory]
    [InlineData(null, 1_048_576)]
    [InlineData("200000", 200_000)]
    public void The_server_holds_back_as_much_of_a_response_as_the_configuration_says(string? configured, long expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection().Build();
        if (configured is not null)
            configuration[$"{FeedOptions.Section}:{nameof(FeedOptions.SendBuffer)}"] = configured;
        using var services = new ServiceCollection().AddODataFeeds(configuration).BuildServiceProvider();

        Assert.Equal(expected, services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MaxResponseBufferSize);
    }
}
