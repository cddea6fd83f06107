using System.Diagnostics;

namespace CoupaGateway.Benchmarks.Rows;

internal static class Measure
{
    /// <summary>Median of <paramref name="runs"/> runs in milliseconds, after a few that do not count.</summary>
    public static async Task<double> MedianAsync(int runs, Func<Task> action, int warmUps = 5)
    {
        for (var i = 0; i < warmUps; i++)
            await action();
        var times = new double[runs];
        for (var i = 0; i < runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await action();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[runs / 2];
    }

    /// <summary>Reads a whole response into a buffer that is used again and again: the client costs as little as it can.</summary>
    public static async Task<long> DrainAsync(HttpClient client, string url, byte[] buffer, Stream? copy = null)
    {
        using var response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync();
        long total = 0;
        int read;
        while ((read = await body.ReadAsync(buffer)) > 0)
        {
            total += read;
            copy?.Write(buffer, 0, read);
        }

        return total;
    }
}
