using Aigc.Testing;

namespace Aigc.EndToEnd.Tests;

/// <summary>One product for the tests of this collection; each brings its own engines.</summary>
public sealed class ProductFixture : IAsyncLifetime
{
    public Product Product { get; } = new();

    public async Task InitializeAsync()
    {
        await Product.StartAsync();
        using var admin = await Product.Person("admin").SignInAsync();
        await admin.OfferAsync("quick", Templates.Quick);
        await admin.OfferAsync("dozer", Templates.Dozer);
    }

    public async Task DisposeAsync()
    {
        await Product.StopAsync();
        var left = Product.AllPids().Commands().ToList();
        await Product.DisposeAsync();
        left.ShouldBeEmpty("an orderly stop leaves no process behind");
    }
}

[CollectionDefinition(nameof(OneProduct))]
public sealed class OneProduct : ICollectionFixture<ProductFixture>;
