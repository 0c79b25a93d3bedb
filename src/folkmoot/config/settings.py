"""Django's settings: one file, every decision in view. Installations differ by `environment.Config`."""

from urllib.parse import urlsplit

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from folkmoot import foundation
from folkmoot.config.database import parse
from folkmoot.config.environment import load
from folkmoot.config.rooms import rooms
from folkmoot.foundation.health.logs import logging_settings


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


CONFIG = load()
_FOUNDATION = foundation.__path__[0]

DEBUG = CONFIG.debug
SECRET_KEY = CONFIG.key
ALLOWED_HOSTS = list(CONFIG.allowed_hosts)
CSRF_TRUSTED_ORIGINS = list(CONFIG.origins)
ROOT_URLCONF = "folkmoot.config.urls"
WSGI_APPLICATION = "folkmoot.config.wsgi.application"
DEMO = CONFIG.demo

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "django_tasks_db",
    "folkmoot.foundation.identity",
    "folkmoot.foundation.openid",
    "folkmoot.foundation.scope",
    "folkmoot.foundation.audit",
    "folkmoot.foundation.outbox",
    "folkmoot.foundation.jobs",
    "folkmoot.foundation.design",
    "folkmoot.foundation.pages",
    "folkmoot.foundation.health",
    *(f"folkmoot.services.{room}" for room in rooms()),
]

MIDDLEWARE = [
    "folkmoot.foundation.health.middleware.request_log",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "folkmoot.foundation.scope.middleware.write_scope",
    "folkmoot.foundation.identity.middleware.second_factor",
]

_CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.template.context_processors.csp",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [f"{_FOUNDATION}/jinja2"],
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "folkmoot.config.jinja.environment",
            "context_processors": [
                *_CONTEXT_PROCESSORS,
                "folkmoot.config.jinja.page",
                "folkmoot.foundation.design.presenting.page",
            ],
        },
    },
    {
        # allauth's own pages are written in Django's template language.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [f"{_FOUNDATION}/templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _CONTEXT_PROCESSORS},
    },
]

DATABASES = {"default": parse(CONFIG.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# People: log-in by e-mail address, a second factor for staff, OpenID Connect where the installation has a provider.
AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_ADAPTER = "folkmoot.foundation.identity.adapters.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
SOCIALACCOUNT_ADAPTER = "folkmoot.foundation.identity.adapters.SocialAccountAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Folkmoot"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not CONFIG.production
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        # The provider is this place's own: whom it vouches for by e-mail address is the person we know by it.
        "EMAIL_AUTHENTICATION": True,
        "EMAIL_AUTHENTICATION_AUTO_CONNECT": True,
        "APPS": [
            {
                "provider_id": "place",
                "name": CONFIG.oidc_name or "single sign-on",
                "client_id": CONFIG.oidc_client_id,
                "secret": CONFIG.oidc_client_secret,
                "settings": {"server_url": CONFIG.oidc_server_url, "fetch_userinfo": False},
            }
        ]
        if CONFIG.oidc_server_url
        else [],
    }
}

# Languages: English and Welsh have equal standing.
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English")), ("cy", _("Welsh"))]
LOCALE_PATHS = [f"{_FOUNDATION}/locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Europe/London"
USE_TZ = True

# Files: the npm packages are served as they are, under their own prefixes.
STATIC_URL = "/static/"
STATIC_ROOT = CONFIG.var / "static"
# WhiteNoise warns of a folder that is not there yet.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS: list[object] = [f"{_FOUNDATION}/static"]
_NPM = {
    "govuk": "govuk-frontend/dist/govuk",
    "nhsuk": "nhsuk-frontend/dist/nhsuk",
    "htmx": "htmx.org/dist",
    "maplibre": "maplibre-gl/dist",
    "atkinson": "@fontsource-variable/atkinson-hyperlegible-next",
}
if CONFIG.assets:
    STATICFILES_DIRS += [
        (prefix, str(CONFIG.assets / folder)) for prefix, folder in _NPM.items() if (CONFIG.assets / folder).is_dir()
    ]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "folkmoot.foundation.design.vendor.VendorFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not CONFIG.production
MEDIA_ROOT = CONFIG.data_dir

# Nothing loads from elsewhere; scripts and styles need this page's nonce. Maps draw from blobs.
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "font-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF, *([CONFIG.live_url] if CONFIG.live_url else [])],
    "worker-src": [CSP.SELF, "blob:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    # A browser holds the redirect after a form to this rule too: single sign-on begins with a form.
    "form-action": [CSP.SELF, *([_origin(CONFIG.oidc_server_url)] if CONFIG.oidc_server_url else [])],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "folkmoot.foundation.pages.errors.csrf"
if CONFIG.production:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
if CONFIG.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Only production sends letters; elsewhere they are printed where the server runs.
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": CONFIG.smtp_host,
            "port": CONFIG.smtp_port,
            "username": CONFIG.smtp_user,
            "password": CONFIG.smtp_password,
            "use_tls": CONFIG.smtp_tls,
            "timeout": 20,
        },
    }
    if CONFIG.production
    else {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
}
DEFAULT_FROM_EMAIL = CONFIG.mail_from
LOGGING_CONFIG = None
logging_settings(level=CONFIG.log_level, human=not CONFIG.production)

# Read by the foundation, which does not import config.
FOLKMOOT = {
    "demo": CONFIG.demo,
    "production": CONFIG.production,
    "var": CONFIG.var,
    "data": CONFIG.data_dir,
    "witness": CONFIG.witness_dir,
    "audit_key": CONFIG.audit_key_file,
    "audit_head_every": CONFIG.audit_head_every,
    "live_url": CONFIG.live_url,
    "metrics_token": CONFIG.metrics_token,
}
