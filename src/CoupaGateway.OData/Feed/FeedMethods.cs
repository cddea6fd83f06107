using CoupaGateway.OData.Errors;
using Microsoft.AspNetCore.Http;

namespace CoupaGateway.OData.Feed;

/// <summary>Which HTTP methods the resources of a feed take.</summary>
internal static class FeedMethods
{
    private const string Reading = "GET, HEAD, OPTIONS";
    private const string Sending = "POST, OPTIONS";

    /// <summary>Value of <c>Allow</c>.</summary>
    public static string Of(string path) => IsSentTo(path) ? Sending : Reading;

    /// <exception cref="FeedException">405: the resource does not take the method.</exception>
    public static void Check(string method, string path)
    {
        if (IsSentTo(path) ? HttpMethods.IsPost(method) : HttpMethods.IsGet(method) || HttpMethods.IsHead(method))
            return;

        var message = IsSentTo(path) ? $"What is asked is the body of a POST: {method} is not allowed." : $"The feed is read only: {method} is not allowed.";
        throw new FeedException(StatusCodes.Status405MethodNotAllowed, ErrorCodes.MethodNotAllowed, message, method) { Allow = Of(path) };
    }

    private static bool IsSentTo(string path) => ResourcePath.IsBatch(path) || ResourcePath.IsQuery(path, out _);
}
