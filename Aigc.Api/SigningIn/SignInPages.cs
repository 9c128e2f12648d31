using Aigc.Api.Pages;
using Microsoft.AspNetCore.Antiforgery;

namespace Aigc.Api.SigningIn;

/// <summary>The pages that signing in shows when it cannot go on by itself.</summary>
public static class SignInPages
{
    public static PlainPage ProviderAway(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "5";
        return new(
            StatusCodes.Status503ServiceUnavailable, "Sign-in is not available right now",
            "The identity provider does not answer. Your engines and files are safe; try again in a minute, and tell your administrator if it goes on.",
            PlainPage.Link($"{context.Request.Path}{context.Request.QueryString}", "Try again"));
    }

    public static PlainPage TrackerAway(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "2";
        return new(
            StatusCodes.Status503ServiceUnavailable, "This engine can't be entered right now",
            "A part of the gateway does not answer. Your engine and files are safe; try again in a few seconds, and tell your administrator if it goes on.",
            PlainPage.Link($"{context.Request.Path}{context.Request.QueryString}", "Try again"));
    }

    public static PlainPage Failed() => new(
        StatusCodes.Status400BadRequest, "Signing in did not work",
        "The answer of the identity provider did not fit this browser's request: it may have been too old, or opened in another browser. Sign in once more.",
        PlainPage.Link("/login", "Sign in"));

    public static PlainPage NoGroup() => new(
        StatusCodes.Status403Forbidden, "You are in no group yet",
        "Your account is fine, but it belongs to no group that may use this gateway. Ask your administrator to add it to one, then sign in again.",
        PlainPage.Link("/login", "Sign in again"));

    public static PlainPage ConfirmLogout(AntiforgeryTokenSet tokens, int status = StatusCodes.Status200OK) => new(
        status, "Sign out?", "Open engine pages of this browser are signed out too. Engines go on by themselves.",
        $"""
        <form method="post" action="/logout">
        <input type="hidden" name="{tokens.FormFieldName}" value="{PlainPage.Encode(tokens.RequestToken!)}">
        <button>Sign out</button></form>
        """);

    public static PlainPage NoSuchEngine() => new(
        StatusCodes.Status404NotFound, "There is no such engine",
        "It may have been deleted, or the address has a typing error.", PlainPage.Link("/", "Your engines"));

    public static PlainPage NotYours() => new(
        StatusCodes.Status403Forbidden, "This engine is somebody else's",
        "Only its owner can open it. Take one of your own from the same template.", PlainPage.Link("/", "Your engines"));
}
