namespace CoupaGateway.Schema.Tests;

public sealed class CoupaReleaseTests
{
    [Theory]
    [InlineData("R21", 21)]
    [InlineData("r33", 33)]
    [InlineData("R46", 46)]
    [InlineData("latest", 46)]
    public void Releases_are_read(string text, int number)
    {
        Assert.True(CoupaRelease.TryParse(text, out var release));
        Assert.Equal(number, release.Number);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("21")]
    [InlineData("R20")]
    [InlineData("R47")]
    [InlineData("R 5")]
    [InlineData("R210")]
    [InlineData("R-1")]
    public void What_is_no_known_release_is_refused(string? text) => Assert.False(CoupaRelease.TryParse(text, out _));
}
