"""人员与角色: accounts, roles by organ, one-time links."""

from typing import Any

from flask import abort, flash, make_response, redirect, request
from flask_admin import expose
from sqlalchemy.orm import joinedload, selectinload

from admin.forms import Faults, Line, OfficeForm, Pick, add_refusal, faults_of
from admin.leavers import departure_of, leave
from admin.officer_view import RecordView, row_id, scope_of
from admin.organ_pick import OrganPick
from admin.signed_in import now, sessions_of
from admin.words import ROLE_LABELS
from county import second_factor, sign_in, sign_on
from county.errors import NotAllowedError, RefusedError
from county.officers import Officer, Right, Role, RoleGrant
from county.organs import Organ
from database import db
from installation import settings


class OfficerForm(OfficeForm):
    """工作人员."""

    login = Line("登录名", longest=60, required=True, hint="字母、数字和 . _ -，例如 zhang.wei。")
    name = Line("姓名", longest=60, required=True)
    staff_no = Line("工号", longest=30)
    organ = OrganPick("所在机构", blank="请选择")


class GrantForm(OfficeForm):
    """授予角色."""

    role = Pick("角色", members=Role, labels=ROLE_LABELS.__getitem__, blank="请选择")
    organ = OrganPick("范围", blank="全部机构")


class OfficersView(RecordView):
    """Accounts. Who administers one organ keeps the accounts whose roles lie wholly within it."""

    rights = frozenset({Right.GRANT})
    pages = frozenset(
        {
            "index_view",
            "create_view",
            "details_view",
            "grant_view",
            "revoke_view",
            "invite_view",
            "switch_view",
            "reset_view",
            "end_view",
            "unbind_view",
            "leave_view",
        }
    )
    title = "人员与角色"
    new_label = "新建账号"
    intro = "工作人员的账号和角色。新账号没有密码，用一次性登录链接首次登录。"
    search_hint = "姓名、登录名或工号"
    list_template = "office/officers/list.html"
    column_list = ("name", "login", "staff_no")
    column_labels = {"name": "姓名", "login": "登录名", "staff_no": "工号"}
    column_sortable_list = ("name", "login")
    column_default_sort = "login"
    search_columns = (Officer.name, Officer.login, Officer.staff_no)

    def __init__(self) -> None:
        super().__init__(Officer, name="人员与角色", endpoint="officers", category="管理")

    def scope(self, query: Any) -> Any:
        organs = scope_of(self.officer, self.rights)
        return query if organs is None else query.filter(Officer.organ_id.in_(organs))

    def loaded(self, query: Any) -> Any:
        return query.options(
            joinedload(Officer.organ), selectinload(Officer.grants).joinedload(RoleGrant.organ)
        )

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """Make an account."""
        form = OfficerForm(request.form if request.method == "POST" else None)
        form.organ.offer_organs(scope_of(self.officer, self.rights), None)
        faults: Faults = {}
        if request.method == "POST":
            form.validate()
            faults = faults_of(form)
            if form["organ"].data is None and "organ" not in faults:
                faults["organ"] = ["请选择所在机构。"]
            if not faults:
                try:
                    return self._create(form)
                except RefusedError as refusal:
                    db.session.rollback()
                    add_refusal(faults, refusal)
        page = self.render("office/record_form.html", form=form, row=None, faults=faults)
        return make_response(page, 422 if faults else 200)

    @expose("/details/")
    def details_view(self) -> Any:
        """One account."""
        return self._page(self.the_one(request.args.get("id")))

    @expose("/grant/", methods=("POST",))
    def grant_view(self) -> Any:
        """Give a role."""
        officer = self._kept_one()
        form = GrantForm(request.form)
        form.organ.offer_organs(scope_of(self.officer, self.rights), None)
        form.validate()
        faults = faults_of(form)
        if form["role"].data is None and "role" not in faults:
            faults["role"] = ["请选择角色。"]
        if not faults:
            try:
                return self._grant(officer, form)
            except RefusedError as refusal:
                db.session.rollback()
                add_refusal(faults, refusal)
        return make_response(self._page(officer, form=form, faults=faults), 422)

    @expose("/revoke/", methods=("POST",))
    def revoke_view(self) -> Any:
        """Take a role back."""
        officer = self._kept_one()
        wanted = row_id(request.form.get("grant"))
        grant = next((grant for grant in officer.grants if grant.id == wanted), None) or abort(404)
        return self._do(
            officer, lambda: sign_in.revoke_role(officer, grant, by=self.officer.id, at=now()), "角色已收回。"
        )

    @expose("/invite/", methods=("POST",))
    def invite_view(self) -> Any:
        """Make a one-time link and show it: here, once, and nowhere else."""
        officer = self._kept_one()
        if not officer.is_active:
            raise RefusedError("账号已停用，请先启用再发送登录链接。")
        token = sign_in.make_link(officer, by=self.officer.id, at=now())
        db.session.commit()
        return self._page(officer, link=f"{settings().public_url}/admin/sign-in/{token}")

    @expose("/switch/", methods=("POST",))
    def switch_view(self) -> Any:
        """Close an account, or open it again."""
        officer = self._kept_one()
        if officer.is_active:
            return self._do(
                officer,
                lambda: sign_in.disable_officer(officer, by=self.officer.id, at=now()),
                "账号已停用，登录已全部退出。",
            )
        return self._do(
            officer, lambda: sign_in.enable_officer(officer, by=self.officer.id, at=now()), "账号已启用。"
        )

    @expose("/reset/", methods=("POST",))
    def reset_view(self) -> Any:
        """Forget the authenticator of somebody who lost the phone."""
        officer = self._kept_one()
        return self._do(
            officer,
            lambda: second_factor.reset(officer, by=self.officer.id, at=now()),
            "两步验证已重置，登录已全部退出；下次登录后重新设置。请先当面或电话核实是本人。",
        )

    @expose("/end/", methods=("POST",))
    def end_view(self) -> Any:
        """End every sign-in of an account, without closing it."""
        officer = self._kept_one()
        return self._do(
            officer,
            lambda: sign_in.revoke_sessions(officer, by=self.officer.id, at=now()),
            "该账号的登录已全部退出。",
        )

    @expose("/leave/", methods=("POST",))
    def leave_view(self) -> Any:
        """Close the account of somebody who leaves, and hand over what is unfinished."""
        officer = self._kept_one()
        return self._do(
            officer,
            lambda: leave(
                officer,
                self._successor(),
                with_roles=request.form.get("with_roles") == "yes",
                by=self.officer.id,
                at=now(),
                separated=settings().separate_administrators,
            ),
            "离任交接已办理：登录已退出，账号已停用，未完成的稿件已交给接替人。",
        )

    @expose("/unbind/", methods=("POST",))
    def unbind_view(self) -> Any:
        """Let the provider's account of somebody sign nobody on any more."""
        officer = self._kept_one()
        return self._do(
            officer,
            lambda: sign_on.unbind(officer, by=self.officer.id, at=now()),
            "已解除绑定，登录已全部退出；发送一次性登录链接后可以重新绑定。",
        )

    def _kept_one(self) -> Officer:
        """An account this administrator keeps: with a link, one acts in the name of its owner."""
        officer = self.the_one(request.args.get("id"))
        organs = scope_of(self.officer, self.rights)
        if organs is not None and any(grant.organ_id not in organs for grant in officer.grants):
            raise NotAllowedError("管理该账号")
        return officer

    def _create(self, form: OfficerForm) -> Any:
        organ = db.session.get_one(Organ, form["organ"].data)
        officer = sign_in.create_officer(
            form["login"].data,
            form["name"].data,
            organ,
            staff_no=form["staff_no"].data,
            by=self.officer.id,
            at=now(),
        )
        db.session.commit()
        flash("账号已建立。请授予角色，再发送一次性登录链接。", "good")
        return redirect(self.get_url(".details_view", id=officer.id))

    def _grant(self, officer: Officer, form: GrantForm) -> Any:
        if form["organ"].data is None and scope_of(self.officer, self.rights) is not None:
            raise NotAllowedError("授予全部机构的角色")
        organ = db.session.get_one(Organ, form["organ"].data) if form["organ"].data else None
        separated = settings().separate_administrators
        sign_in.grant_role(
            officer, form["role"].data, organ, by=self.officer.id, at=now(), separated=separated
        )
        db.session.commit()
        flash("角色已授予。", "good")
        return redirect(self.get_url(".details_view", id=officer.id))

    def _do(self, officer: Officer, act: Any, done: str) -> Any:
        try:
            act()
            db.session.commit()
        except RefusedError as refusal:
            db.session.rollback()
            flash(refusal.message, "error")
        else:
            flash(done, "good")
        return redirect(self.get_url(".details_view", id=officer.id))

    def _successor(self) -> Officer | None:
        """The colleague whose login was typed, within this administrator's scope.

        Raises: RefusedError when there is none.
        """
        login = request.form.get("successor", "").strip()
        if not login:
            return None
        found = self.scope(db.session.query(Officer)).filter(Officer.login == login).first()
        if found is None:
            raise RefusedError(f"没有登录名为“{login[:60]}”的工作人员，请核对接替人的登录名。", "successor")
        return found

    def _page(
        self, officer: Officer, *, form: GrantForm | None = None, faults: Faults | None = None, link: str = ""
    ) -> str:
        if form is None:
            form = GrantForm()
            form.organ.offer_organs(scope_of(self.officer, self.rights), None)
            form.organ.data = officer.organ_id  # a role over everything is a choice, not a slip
        return self.render(
            "office/officers/page.html",
            person=officer,
            form=form,
            faults=faults or {},
            link=link,
            role_labels=ROLE_LABELS,
            is_self=officer.id == self.officer.id,
            sessions=sessions_of(officer),
            departure=departure_of(officer),
            is_bound=sign_on.binding_of(officer) is not None,
            provider=settings().oidc_label,
            has_second_factor=second_factor.has_second_factor(officer),
        )
